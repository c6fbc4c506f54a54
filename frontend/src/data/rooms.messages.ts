export default {
  home: 'Home',
  book: 'Book',
  reconciliation: 'Reconciliation',
  prices: 'Prices',
  actions: 'Corporate actions',
  composites: 'Composites',
  settings: 'Settings',
} as const
