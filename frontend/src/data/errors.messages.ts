export default {
  unreached: 'The server could not be reached.',
  unavailable: 'The server cannot answer at the moment.',
} as const
