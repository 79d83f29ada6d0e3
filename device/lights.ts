/** What a board without a screen shows with its lights.
 *
 * passed: the second light (the first where there is one) for two seconds. failed: the first light, as many short blinks
 * as the number of the part that failed, a pause, again for ever.
 */
const blinkMs = 150;
const pauseMs = 1500;
const passedMs = 2000;

export function showPassed(): void {
  const light = board.leds > 1 ? LED2 : LED1;
  light.write(1);
  setTimeout(() => light.write(0), passedMs);
}

export function showFailed(part: number): void {
  let left = 2 * part;
  const step = () => {
    left--;
    LED1.write(left & 1);
    if (!left) left = 2 * part;
    setTimeout(step, left === 2 * part ? pauseMs : blinkMs);
  };
  step();
}
