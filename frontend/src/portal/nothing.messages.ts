export default {
  noAccountsTitle: 'No accounts to show yet',
  noAccountsHint: 'When {firm} shares an account with you it appears here. Ask {email} if you expected one.',
  endedTitle: 'Your access has ended',
  endedHint: 'You could see something as {relation} through {date}. Ask {email} if you still need it.',
  laterTitle: 'Your access begins soon',
  laterHint: 'From {date} you see what {firm} shares with you here.',
  staffTitle: 'This is the place of the firm’s clients',
  staffHint: 'You are signed in as staff. Clients see their own accounts here.',
  openStaff: 'Open the staff app',
  notFoundTitle: 'There is no page here',
  notFoundHint: 'The address may be mistyped.',
  goHome: 'Go to Home',
} as const
