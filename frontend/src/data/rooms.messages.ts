export default {
  home: 'Home',
  book: 'Book',
  settings: 'Settings',
} as const
