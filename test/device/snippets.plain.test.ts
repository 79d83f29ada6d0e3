import { testSnippets } from './snippets.ts';

testSnippets('plain');
