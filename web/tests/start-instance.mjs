export { default } from './start-instance.ts';
