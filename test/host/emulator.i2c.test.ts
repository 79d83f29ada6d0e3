import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openChance } from '#host/emulator/chance.ts';
import { crc16 } from '#host/emulator/i2c.atecc.commands.ts';
import { Atecc } from '#host/emulator/i2c.atecc.ts';
import { Bus } from '#host/emulator/i2c.ts';
import { publicKeyOf, secretOf, verifyDigest } from '#host/emulator/p256.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A board that speaks to the part by its registers. */
class Host {
  nowUs = 0;
  readonly bus = new Bus();
  readonly part: Atecc;

  constructor(counters?: [number, number]) {
    const chance = openChance('element');
    this.part = new Atecc({ chance, clockUs: () => this.nowUs, ...(counters ? { counters } : {}) });
    this.bus.attach(this.part);
  }

  wake(): Uint8Array | undefined {
    this.bus.write(0, Uint8Array.of(0));
    this.nowUs += 2_000;
    return this.bus.read(0x60, 4);
  }

  /** The answer without count and CRC; one byte is a status. */
  run(opcode: number, first = 0, second = 0, data: ArrayLike<number> = []): Uint8Array {
    const body = Uint8Array.of(
      7 + data.length,
      opcode,
      first,
      second & 0xff,
      second >> 8,
      ...Array.from(data),
    );
    const crc = crc16(body);
    if (!this.bus.write(0x60, Uint8Array.of(3, ...body, crc & 0xff, crc >> 8)))
      throw new Error('no acknowledgement');
    while (!this.bus.read(0x60, 1)) this.nowUs += 500;
    const [count] = this.bus.read(0x60, 1)!;
    const answer = this.bus.read(0x60, count!)!;
    const sum = crc16(answer.subarray(0, count! - 2));
    expect([...answer.subarray(count! - 2)]).toEqual([sum & 0xff, sum >> 8]);
    return answer.slice(1, count! - 2);
  }

  lock(): void {
    this.wake();
    expect([...this.run(0x17, 0x80)]).toEqual([0]);
    expect([...this.run(0x17, 0x81)]).toEqual([0]);
  }
}

function keyOf(raw: Uint8Array) {
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from(raw.subarray(0, 32)).toString('base64url'),
    y: Buffer.from(raw.subarray(32)).toString('base64url'),
  };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

describe('P-256', () => {
  test('its public keys are those of another implementation, and it verifies what that one signs', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = privateKey.export({ format: 'jwk' });
    const secret = new Uint8Array(Buffer.from(jwk.d!, 'base64url'));
    const key = publicKeyOf(secretOf(secret)!);
    expect(hex(key)).toBe(
      hex(Buffer.concat([Buffer.from(jwk.x!, 'base64url'), Buffer.from(jwk.y!, 'base64url')])),
    );
    const host = new Host();
    host.wake();
    const digest = host.run(0x47, 0, 0).length && host.run(0x47, 2, 5, Buffer.from('hello'));
    const sign = createSign('sha256').update('hello');
    const signature = sign.sign({
      key: createPrivateKey({ key: jwk, format: 'jwk' }),
      dsaEncoding: 'ieee-p1363',
    });
    expect(verifyDigest(key, digest as Uint8Array, signature)).toBe(true);
    expect(
      verifyDigest(
        key,
        Uint8Array.from(digest as Uint8Array, b => b ^ 1),
        signature,
      ),
    ).toBe(false);
  });
});

describe('the secure element', () => {
  test('answers nobody while it sleeps, and says so when it wakes', () => {
    const host = new Host();
    expect(host.bus.write(0x60, Uint8Array.of(3))).toBe(false);
    expect(host.bus.write(0x61, Uint8Array.of(3))).toBe(false);
    expect(host.bus.read(0x60, 4)).toBeUndefined();
    // The published answer to a wake.
    expect(hex(host.wake()!)).toBe('04113343');
    expect(hex(host.run(0x30))).toBe('00006003');
    host.nowUs += 1_400_000;
    expect(host.bus.write(0x60, Uint8Array.of(3))).toBe(false);
  });

  test('a packet with a wrong CRC does nothing', () => {
    const host = new Host();
    host.wake();
    host.bus.write(0x60, Uint8Array.of(3, 7, 0x24, 1, 0, 0, 1, 2));
    host.nowUs += 1_000;
    expect(host.bus.read(0x60, 4)![1]).toBe(0xff);
    expect(host.part.counters).toEqual([0, 0]);
  });

  test('counters rise by one and end at 2,097,151', () => {
    const host = new Host([2_097_149, 5]);
    host.wake();
    expect(new DataView(host.run(0x24, 1, 0).buffer).getUint32(0, true)).toBe(2_097_150);
    expect(new DataView(host.run(0x24, 1, 0).buffer).getUint32(0, true)).toBe(2_097_151);
    expect([...host.run(0x24, 1, 0)]).toEqual([0x0f]);
    expect(host.part.counters).toEqual([2_097_151, 5]);
  });

  test('signs what was loaded by nonce, once, with a key that it does not give away', () => {
    const host = new Host();
    host.lock();
    const key = host.run(0x40, 4, 0);
    expect(key).toHaveLength(64);
    expect([...host.run(0x41, 0x80, 0)]).toEqual([0x0f]);
    const digest = host.run(0x47, 0).length && host.run(0x47, 2, 7, Buffer.from('payment'));
    expect([...host.run(0x16, 3, 0, digest as Uint8Array)]).toEqual([0]);
    const signature = host.run(0x41, 0x80, 0);
    const verify = createVerify('sha256').update('payment');
    expect(verify.verify({ key: keyOf(key), dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    expect([...host.run(0x41, 0x80, 0)]).toEqual([0x0f]);
    expect([...host.run(0x02, 0x82, 0)]).toEqual([0x0f]);
    expect([...host.run(0x40, 0, 0)]).toEqual([...key]);
  });

  test('what is locked stays so, and sleep costs the scratch key alone', () => {
    const host = new Host();
    host.wake();
    expect([...host.run(0x12, 0x80, 8, new Uint8Array(32).fill(1))]).toEqual([0]);
    host.lock();
    expect([...host.run(0x12, 0x80, 8, new Uint8Array(32))]).toEqual([0x0f]);
    const serial = hex(host.run(0x02, 0x80, 0)).slice(0, 8);
    host.run(0x16, 3, 0, new Uint8Array(32));
    host.bus.power(false);
    host.wake();
    expect(hex(host.run(0x02, 0x80, 0)).slice(0, 8)).toBe(serial);
    expect([...host.run(0x17, 0x80)]).toEqual([0x0f]);
    expect([...host.run(0x41, 0x80, 0)]).toEqual([0x0f]);
  });

  test('random bytes are a fixed pattern until the configuration is locked', () => {
    const host = new Host();
    host.wake();
    expect(hex(host.run(0x1b)).slice(0, 8)).toBe('ffff0000');
    host.lock();
    expect(hex(host.run(0x1b))).not.toBe(hex(host.run(0x1b)));
  });

  test('a MAC depends on the challenge and the key, and is checked', () => {
    const host = new Host();
    host.wake();
    const key = new Uint8Array(32).fill(7);
    expect([...host.run(0x12, 0x82, 4 << 3, key)]).toEqual([0x0f]);
    expect([...host.run(0x17, 0x80)]).toEqual([0]);
    expect([...host.run(0x12, 0x82, 4 << 3, key)]).toEqual([0]);
    expect([...host.run(0x17, 0x81)]).toEqual([0]);
    const challenge = new Uint8Array(32).fill(9);
    const mac = host.run(0x08, 0, 4, challenge);
    expect(mac).toHaveLength(32);
    expect([...host.run(0x28, 0, 4, [...challenge, ...mac])]).toEqual([0]);
    expect([...host.run(0x28, 0, 4, [...challenge.fill(8), ...mac])]).toEqual([1]);
  });
});
