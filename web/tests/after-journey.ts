import { afterAll } from '@jest/globals';
import { closeBrowsers } from './open-browser.ts';

afterAll(closeBrowsers);
