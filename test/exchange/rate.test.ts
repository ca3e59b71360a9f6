import { describe, expect, it } from 'vitest';
import { rateWords, successRate } from '../../src/derive/exchange.ts';

describe('the success rate', () => {
  it.each([
    [1, 1, 21, 100],
    [0, 1, 0, 79],
    [10, 10, 72, 100],
    [0, 10, 0, 28],
    [5, 10, 24, 76],
    [998, 1021, 97, 98],
  ])('%i of %i lies between %i and %i %%', (accepted, answered, low, high) => {
    const rate = successRate(accepted, answered);
    expect([Math.round(rate.low * 100), Math.round(rate.high * 100)]).toEqual([low, high]);
  });

  it('says nothing where nothing was answered', () => {
    expect(successRate(0, 0)).toEqual({ accepted: 0, answered: 0, low: 0, high: 1 });
  });

  it('is told with its interval from two answers on', () => {
    expect(rateWords(successRate(1, 1))).toBe('1 of 1 exchange');
    expect(rateWords(successRate(3, 5))).toBe(
      '3 of 5 exchanges (95 % interval of the success rate: 23 to 88 %)',
    );
  });
});
