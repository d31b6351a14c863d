import './app/main.ts';
