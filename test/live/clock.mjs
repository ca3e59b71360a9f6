/** Preload that sets the clock of a process under test, in seconds ahead of the present: scenarios have their own `now`. */
const RealDate = Date;
const offset = Number(process.env.WI_DOCTOR_TEST_AHEAD) * 1000;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...given);
  }

  static now() {
    return RealDate.now() + offset;
  }
};
