export default {
  home: 'Home',
  book: 'Book',
  reconciliation: 'Reconciliation',
  prices: 'Prices',
  actions: 'Corporate actions',
  settings: 'Settings',
} as const
