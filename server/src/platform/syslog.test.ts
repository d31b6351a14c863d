import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createLog } from './log.ts';

describe('OBS-01: logs that are handed on', () => {
  it('OBS-01: reach a receiver over TCP, framed, without what the log redacts', async () => {
    const heard: Buffer[] = [];
    const receiver = net.createServer((one) => {
      one.on('data', (chunk) => heard.push(chunk)).unref();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const { port } = receiver.address() as net.AddressInfo;
    const log = createLog({
      level: 'info',
      fields: { program: 'server' },
      stream: new (await import('node:stream')).PassThrough().resume(),
      syslog: `tcp://127.0.0.1:${port}`,
    });
    log.error('somebody must act', { email: 'anna@example.test', password: 'x' });
    log.info('an event');
    for (let tries = 0; tries < 100 && Buffer.concat(heard).length < 300; tries += 1)
      await new Promise((done) => setTimeout(done, 20));
    const text = Buffer.concat(heard).toString();
    const [, length = '0', rest = ''] = /^(\d+) (.*)$/s.exec(text) ?? [];
    expect(rest.slice(0, Number(length))).toMatch(/^<131>1 \S+Z \S+ casemate \d+ - - \{.*\}$/);
    expect(text).toContain('<134>1 ');
    expect(text).toContain('somebody must act');
    expect(text).not.toContain('anna@example.test');
    receiver.close();
  });

  it('OBS-01: reach a receiver over UDP', async () => {
    const receiver = dgram.createSocket('udp4');
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const log = createLog({
      level: 'info',
      fields: {},
      stream: new (await import('node:stream')).PassThrough().resume(),
      syslog: `udp://127.0.0.1:${receiver.address().port}`,
    });
    const heard = once(receiver, 'message') as Promise<[Buffer]>;
    log.warn('it healed itself');
    expect((await heard)[0].toString()).toMatch(/^<132>1 .*it healed itself/);
    receiver.close();
  });

  it('OBS-01: a receiver that is away holds nothing up', () => {
    const stream = new net.Socket();
    const lines: string[] = [];
    stream.write = (line: string) => lines.push(line) > 0;
    const log = createLog({ level: 'info', fields: {}, stream, syslog: 'tcp://127.0.0.1:9' });
    for (let count = 0; count < 5_000; count += 1) log.info('an event');
    expect(lines).toHaveLength(5_000);
  });
});
