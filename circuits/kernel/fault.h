/* Codes of circuits/fault.ts. (test/kernel/message.fault.test.ts keeps both equal) */
#ifndef MITE_FAULT_H
#define MITE_FAULT_H

#define FAULT_ENCODING 1
#define FAULT_SIZE 2
#define FAULT_VERSION 3
#define FAULT_SUITE 4
#define FAULT_KIND 5
#define FAULT_POINT 6
#define FAULT_SCALAR 7
#define FAULT_SIGNATURE 8
#define FAULT_KEY 9
#define FAULT_CHAIN 10
#define FAULT_EXPIRED 11
#define FAULT_EARLY 12
#define FAULT_REVOKED 13
#define FAULT_AMOUNT 14
#define FAULT_SLOTS 15
#define FAULT_REQUEST 16
#define FAULT_HISTORY 17
#define FAULT_PROOF 18
#define FAULT_TIER 19
#define FAULT_FUNDS 20
#define FAULT_OVERFLOW 21
#define FAULT_EVIDENCE 22
#define FAULT_NAMING 24
#define FAULT_VOUCHER 25
#define FAULT_SESSION 37

#endif
