import { testSnippets } from './snippets.ts';

testSnippets('unicode');
