/** The public face of the proof core on the reference backend: what `import ... from 'mite'` gives. */
export { Fault, faults } from './fault.ts';
export { openEconomy } from './issue/economy.ts';
export { openTrust } from './message/chain.ts';
export { encode, parse } from './message/message.ts';
export { evidence } from './message/sync.ts';
export { presets } from './policy/presets.ts';
export { findGuilt, verifyEvidence } from './proof/guilt.ts';
export { acknowledge, ask } from './proof/payee.ts';
export { pay } from './proof/payer.ts';
export { verifyPayment } from './proof/payment.ts';
export { suite1, suite2 } from './proof/suite.noble.ts';
