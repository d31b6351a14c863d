import { jest } from '@jest/globals';

/** Hashing, provisioning and models take their time on a busy machine; a hang still ends. */
jest.setTimeout(180_000);
