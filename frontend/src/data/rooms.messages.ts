export default {
  home: 'Home',
  book: 'Book',
  reconciliation: 'Reconciliation',
  prices: 'Prices',
  settings: 'Settings',
} as const
