/** Every history of small worlds, over the wallet's own step functions; and the same with each departure from its rules. */
import { expect, test } from 'vitest';
import { fold } from '#device/wallet/fold.ts';
import { boot, step } from '#device/wallet/step.ts';
import { Exploration } from './model/explore.ts';
import { lawsOf, mutants } from './model/mutants.ts';
import { scenarios } from './model/scenarios.ts';
import { begin } from './model/world.ts';

const real = { steps: { boot, step }, fold };
const isNightly = process.env.MITE_NIGHTLY === '1';
const statesMax = isNightly ? 3_000_000 : 100_000;

for (const scenario of scenarios.filter(({ isLong }) => isNightly || !isLong))
  test(`[G10 core] ${scenario.name}: nothing is created, lost or locked, wherever the power fails`, () => {
    const { states, bad } = new Exploration(scenario, real).run(begin(scenario), statesMax);
    console.log(`${scenario.name}: ${states} states`);
    expect(bad).toEqual({});
  });

test.each(mutants)('[G10 core] where $name, money is $finding, and the way there is shown', async mutant => {
  const scenario = scenarios.find(({ name }) => name === mutant.scenario)!;
  const { bad } = new Exploration(scenario, await lawsOf(mutant, real)).run(begin(scenario), statesMax);
  expect(Object.keys(bad)).toContain(mutant.finding);
  console.log(`${mutant.name}: ${bad[mutant.finding]!.join('; ')}`);
});
