#!/usr/bin/env node
/** Entry of the command: loads the TypeScript sources as they are, from any directory, on Node 20.19 and later. */
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
