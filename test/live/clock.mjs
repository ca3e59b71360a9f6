/** Preload that sets the clock of a process under test: a scenario's ages are counted from its own `now`. */
const RealDate = Date;
const offset = RealDate.parse(process.env.WI_DOCTOR_TEST_NOW) - RealDate.now();

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offset;
  }
};
