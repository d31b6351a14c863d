import { describe, expect, it } from '@jest/globals';
import { nameDevice } from './name-device.ts';

describe('the name of a device', () => {
  it('says what it can, and never the text itself', () => {
    expect(nameDevice(null)).toBe('A program');
    expect(nameDevice('<script>curl/8')).toBe('A program');
  });

  it('tells browsers apart that call themselves by the others’ names', () => {
    const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
    expect(nameDevice(chrome)).toBe('Chrome on Linux');
    expect(nameDevice(`${chrome} Edg/140.0`)).toBe('Edge on Linux');
    expect(nameDevice('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604')).toBe(
      'Safari on iOS',
    );
  });
});
