/**
 * Every channel on which the processes tell each other that there is something to look at; a new one
 * is added here by hand. The isolation test listens to all of them.
 */
export const NOTIFY_CHANNELS: readonly string[] = [
  'casemate_jobs',
  'casemate_chat',
  'casemate_tenants',
  'casemate_rotation',
];
