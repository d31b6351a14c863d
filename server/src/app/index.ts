/**
 * Room `app` (floor 8): composes everything; the one place that knows all rooms.
 * Owns the process: its commands, the Express application made from the route table, the listeners
 * and the orderly stop.
 * Promises: a request passes identity, limit, guard and validation before any action runs.
 */
export { migrateCommand } from './migrate-command.ts';
export { provision } from './provision.ts';
export { routeTable } from './routes.ts';
export { serve, type Running } from './serve.ts';
export { setupLinkCommand } from './setup-link-command.ts';
