/**
 * Entry of the child process that reads one document: `node <flags> child.ts <format> <limits>`.
 * Standard input is the document, standard output one JSON answer. Built as a program of its own.
 */
import { loadReader } from './load-reader.ts';
import { answerOnce } from './sandbox/answer-once.ts';

await answerOnce(loadReader);
