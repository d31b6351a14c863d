export { tearDown as default } from './start-parts.ts';
