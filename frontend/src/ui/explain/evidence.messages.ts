export default {
  elsewhere: 'An account outside',
  entered: 'Entered on {day}:',
  noClose: 'no close',
  rate: 'at the rate',
  accrued: 'with accrued interest of',
  closeOf: 'Close of {day}',
  notAvailable: 'Not available',
} as const
