import { justifiFace } from './justifi/face.js';
import { magpieFace } from './magpie/face.js';
import { omiseFace } from './omise/face.js';
import { paymongoFace } from './paymongo/face.js';
import { pinFace } from './pin/face.js';
import { stripeFace } from './stripe/face.js';

/** Every provider that the simulator speaks. A new face is one import and one line here. */
export const faces = {
  justifi: justifiFace,
  magpie: magpieFace,
  omise: omiseFace,
  pin: pinFace,
  stripe: stripeFace,
  paymongo: paymongoFace,
};

/** The name of a simulated provider. */
export type SimulatedProvider = keyof typeof faces;

/** Settings that the simulator gives for a provider's client factory. */
export type SimulatedSettings<Provider extends SimulatedProvider> = ReturnType<
  ReturnType<(typeof faces)[Provider]['create']>['settings']
>;

/** What the simulator gives as a source of a provider. */
export type SimulatedSource<Provider extends SimulatedProvider> = ReturnType<
  ReturnType<(typeof faces)[Provider]['create']>['source']
>;

/** What a test may switch, per provider; each face documents its own. */
export type SimulatedSwitches = {
  -readonly [Provider in SimulatedProvider]: {
    -readonly [
      Name in keyof (typeof faces)[Provider]['switches']
    ]: (typeof faces)[Provider]['switches'][Name];
  };
};
