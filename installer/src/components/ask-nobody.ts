/**
 * For a program that is asked for its own version: Ollama then asks a server for its one too, and
 * OLLAMA_HOST of the person who installs may name any, behind a proxy at that. Nobody is at this port.
 */
export const askNobody: Readonly<Record<string, string>> = { OLLAMA_HOST: '127.0.0.1:9' };
