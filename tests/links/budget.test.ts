import { expect, it } from 'vitest';
import { linkBudget } from '../../web/links/index.js';

it.each([
  [0, 'anywhere'],
  [2000, 'anywhere'],
  [2001, 'most-chats'],
  [4000, 'most-chats'],
  [4001, 'few'],
  [8000, 'few'],
  [8001, 'file'],
])('a link of %i characters reaches: %s', (length, reach) => {
  expect(linkBudget(length).reach).toBe(reach);
});

it('says nothing about a link that works anywhere, and the length of one that may not', () => {
  expect(linkBudget(2000).note).toBeNull();
  expect(linkBudget(4321).note).toContain('4,321 characters');
});
