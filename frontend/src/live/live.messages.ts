export default {
  simulated: 'Live, simulated around the last real close',
  live: 'Live, from {source}',
  stale: 'Stale for {seconds} s',
  staleHint: 'No new quote has come. The last values are shown.',
} as const
