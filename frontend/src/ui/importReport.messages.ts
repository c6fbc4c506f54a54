export default {
  fine: 'The bundle is fine. Nothing has been written yet.',
  written: 'The bundle is in the books.',
  refused: '{count, plural, one {One problem: nothing was written.} other {# problems: nothing was written.}}',
  rows: 'Rows of the bundle',
  file: 'File',
  read: 'Rows read',
  created: 'New',
  version: 'Book version {version}',
  problems: 'What is wrong with the bundle',
  place: '{file}, line {line}',
  notListed: 'There are more than are listed. Settle these and check the bundle again.',
} as const
