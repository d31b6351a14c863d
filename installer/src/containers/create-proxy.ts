import http from 'node:http';

/**
 * Hands requests on to a server of this container's loopback, under the name that such a server
 * expects: Ollama refuses every other (its guard against DNS rebinding). Both ways are streams; whoever
 * goes away ends the other side, so that an abandoned answer is not written on.
 */
export function createProxy(to: { host: string; port: number }): http.Server {
  const agent = new http.Agent({ keepAlive: true });
  return http.createServer((request, response) => {
    const { method, url: path } = request;
    const headers = { ...request.headers, host: 'localhost' };
    const upstream = http.request({ ...to, agent, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    upstream.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}
