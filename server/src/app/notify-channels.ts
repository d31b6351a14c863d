/**
 * Every channel on which the processes tell each other that there is something to look at. The
 * isolation test listens to all of them; a test finds one that is used and not named here.
 */
export const NOTIFY_CHANNELS: readonly string[] = [
  'casemate_jobs',
  'casemate_chat',
  'casemate_tenants',
  'casemate_rotation',
];
