import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unpackXz } from '../../../src/collect/code-places/unpack-xz.ts';
import { fuzz, fuzzTimeoutMs } from '../../fuzz/fuzz.ts';
import { mutate } from '../../fuzz/mutate.ts';

const pack = (bytes: Uint8Array, ...options: readonly string[]) =>
  execFileSync('xz', ['--compress', '--stdout', ...options], { input: bytes, maxBuffer: 2 ** 26 });

const mixed = Buffer.concat([randomBytes(200_000), Buffer.alloc(300_000, 'names '), randomBytes(17)]);

describe('unpackXz', () => {
  it.each([
    ['as rpm packs', []],
    ['with a 32-bit checksum', ['--check=crc32']],
    ['in blocks', ['--block-size=65536']],
    ['with little memory', ['-0']],
  ])('gives back what xz packed, %s', async (_, options) => {
    expect(mixed.equals(await unpackXz(pack(mixed, ...options), mixed.length))).toBe(true);
  });

  it('gives nothing for nothing', async () => {
    expect((await unpackXz(pack(Buffer.alloc(0)), 10)).length).toBe(0);
  });

  it('stops at the limit, and works again after that', async () => {
    const bomb = pack(Buffer.alloc(30_000_000));
    const started = performance.now();
    await expect(unpackXz(bomb, 100_000)).rejects.toThrow('more than 100000 bytes');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect((await unpackXz(pack(mixed), 1_000_000)).length).toBe(mixed.length);
  });

  it('fails for what is cut off, wherever, and for what is none', async () => {
    const packed = pack(mixed);
    for (const length of [0, 5, 12, 30, 1_000, packed.length >> 1, packed.length - 1])
      await expect(unpackXz(packed.subarray(0, length), 1_000_000), String(length)).rejects.toThrow();
    await expect(unpackXz(Buffer.from('no xz at all, but some text'), 1_000_000)).rejects.toThrow();
  });

  it('fails for what was changed, wherever', async () => {
    const packed = pack(mixed);
    for (const at of [0, 7, 13, 20, 5_000, packed.length >> 1, packed.length - 30, packed.length - 2]) {
      const changed = Buffer.from(packed);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x55, at);
      await expect(unpackXz(changed, 1_000_000), String(at)).rejects.toThrow();
    }
  });

  it(
    'gives the text or fails, for whatever bytes, and soon',
    async () => {
      const text = Buffer.from('clock_gettime of a .symtab, '.repeat(300));
      const packed = pack(text);
      for (let end = 0; end < packed.length; end += 1)
        await expect(unpackXz(packed.subarray(0, end), 100_000), String(end)).rejects.toThrow();
      await fuzz(
        40,
        60,
        (below) => mutate(packed, below),
        async (bytes) => {
          const unpacked = await unpackXz(bytes, 100_000).catch((error: unknown) => error);
          if (unpacked instanceof Uint8Array) expect(text.equals(unpacked)).toBe(true);
          else expect(unpacked).toBeInstanceOf(Error);
        },
      );
    },
    fuzzTimeoutMs,
  );

  it('does not take the memory that a file asks for without need', async () => {
    const greedy = pack(mixed, '--lzma2=dict=1GiB,mode=fast,mf=hc3');
    const before = process.memoryUsage().rss;
    await expect(unpackXz(greedy, 1_000_000)).rejects.toThrow();
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('gives others their turn', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await unpackXz(pack(randomBytes(4_000_000), '-0'), 4_000_000);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });
});
