import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readGuestWords } from '../../../lab/rig/guest-words.ts';

const packed = (text: string) => `${gzipSync(text).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`;
const end = (id: string) => `@@lab end ${id}\r\n`;
const said = (id: string, status: string, report: string, error: string) =>
  `@@lab begin ${id}\r\n@@lab report ${id} ${status} 520 610\r\n${packed(report)}@@lab error ${id}\r\n${packed(error)}${end(id)}`;

describe('what a guest says over its console', () => {
  it('is read out of everything else that comes there, once it is whole', () => {
    const output = `SeaBIOS\r\n${said('6.1/tsc/syscall()', '0', '{"a":1}', '')}[ 3.1] oops\r\n${said('6.1/tsc/Go', '3', '', 'gone')}`;
    expect([...readGuestWords(output)]).toEqual([
      ['6.1/tsc/syscall()', { status: '0', nodeStartMs: 610, report: '{"a":1}', error: '' }],
      ['6.1/tsc/Go', { status: '3', nodeStartMs: 610, report: '', error: 'gone' }],
    ]);
    expect(readGuestWords(output.slice(0, -end('6.1/tsc/Go').length)).size).toBe(1);
  });
});
