import path from 'node:path';

/** The only file that asks where the code lies, so that everything else can be moved and tested. */
export const lockPath = path.join(import.meta.dirname, 'components.lock.json');
