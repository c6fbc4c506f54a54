/** The pages under Settings, in their order; the command palette offers them too. */
export const SETTINGS_PLACES = [
  { to: '/settings/firm', word: 'navFirm', permission: 'firm.read' },
  { to: '/settings/users', word: 'navUsers', permission: 'users.read' },
  { to: '/settings/profile', word: 'navSecurity', permission: undefined },
  { to: '/settings/sessions', word: 'navSessions', permission: undefined },
  { to: '/settings/grants', word: 'navGrants', permission: 'grants.read' },
  { to: '/settings/identical', word: 'navIdentical', permission: 'lots.read' },
  { to: '/settings/benchmarks', word: 'navBenchmarks', permission: 'findings.read' },
  { to: '/settings/conventions', word: 'navConventions', permission: 'findings.read' },
  { to: '/imports', word: 'navImports', permission: 'imports.run' },
  { to: '/jobs', word: 'navJobs', permission: 'jobs.read' },
  { to: '/settings/audit', word: 'navAudit', permission: 'audit.read' },
] as const
