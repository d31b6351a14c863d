export { tearDown as default } from './start-instance.ts';
