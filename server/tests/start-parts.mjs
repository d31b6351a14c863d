export { default } from './start-parts.ts';
