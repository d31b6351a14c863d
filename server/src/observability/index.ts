/**
 * Room `observability` (floor 7): what the appliance tells of its own state.
 * Owns the gauges of that state, the table of alerts, its evaluator, the mails, and the overview.
 * Promises: labels are bounded and name no tenant, person or address; the same rules hold in
 * Prometheus and in the evaluator; nothing is sent anywhere but to what the operator has named.
 */
export { ALERT_RULES, runbookOf, type AlertRule } from './alert-rules.ts';
export { type Sources } from './gather-facts.ts';
export { prometheusRules } from './prometheus-rules.ts';
export { listAlerts, type KeptAlert } from './repo.ts';
export { observabilityRoutes } from './routes.ts';
export { createMailer, type SendMail } from './send-mail.ts';
export { createStateGauges } from './state-gauges.ts';
export { watchAppliance, type Watch } from './watch-appliance.ts';
