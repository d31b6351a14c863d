import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { splitWords } from '../words/split-words.ts';

export type ScriptedEmbedder = {
  readonly url: string;
  /** Every batch of texts that was asked for. */
  readonly asked: string[][];
  /** What it answers: vectors, an error of the server, or no model. */
  mood: 'well' | 'broken' | 'no_model';
  /** Length of its vectors. */
  dimensions: number;
  /** Runs before each answer. */
  before: () => Promise<void> | void;
  stop(): Promise<void>;
};

/** A model server that speaks Ollama's /api/embed; texts that share words are near each other. */
export async function startScriptedEmbedder(): Promise<ScriptedEmbedder> {
  const asked: string[][] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      // Whoever only looks whether it is there.
      if (request.url !== '/api/embed') return void response.end('{}');
      const { input } = JSON.parse(body) as { input: string[] };
      asked.push(input);
      const answer = async (): Promise<void> => {
        await embedder.before();
        const status = { well: 200, broken: 500, no_model: 404 }[embedder.mood];
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify(
            status === 200
              ? { embeddings: input.map((text) => vectorOf(text, embedder.dimensions)) }
              : { error: 'no' },
          ),
        );
      };
      void answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const embedder: ScriptedEmbedder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    mood: 'well',
    dimensions: 384,
    before: () => undefined,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return embedder;
}

function vectorOf(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0.001);
  for (const word of splitWords(text)) {
    let at = 7;
    for (const character of word) at = (at * 31 + (character.codePointAt(0) ?? 0)) % dimensions;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  return vector;
}
