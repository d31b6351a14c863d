/** The rooms of server/src and the floor each stands on. Imports go down only. */
export const FLOORS: Readonly<Record<string, number>> = {
  platform: 0,
  audit: 1,
  crypto: 1,
  tenancy: 2,
  identity: 2,
  access: 2,
  rotation: 2,
  knowledge: 3,
  files: 3,
  connections: 3,
  budgets: 3,
  approvals: 3,
  notifications: 3,
  webhooks: 3,
  agents: 4,
  chat: 4,
  campaigns: 5,
  workflows: 5,
  boardroom: 5,
  schedules: 5,
  rules: 5,
  insights: 5,
  lifecycle: 6,
  isolation: 7,
  observability: 7,
  trust: 7,
  app: 8,
};

/** The only arrows allowed inside a floor: from → to. A test proves that they form no circle. */
export const ARROWS: readonly (readonly [from: string, to: string])[] = [
  ['crypto', 'audit'],
  ['identity', 'access'],
  ['identity', 'tenancy'],
  ['access', 'tenancy'],
];
