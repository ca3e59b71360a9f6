import { defineCheck } from 'wi-doctor';

/** Example of a check of one's own: images of pods with an identity come from the registry of the house. */
export default defineCheck({
  id: 'house/image-registry',
  title: 'a pod with an identity runs images of our own registry',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['container'],
  sources: ['https://example.com/handbook/registries'],
  outcomes: {
    own: { status: 'pass', says: 'Container {container} runs an image of our own registry.' },
    foreign: {
      status: 'warn',
      code: 'HOUSE-01',
      says: 'Container {container} has an identity and runs {image}, which is not of our own registry.',
      fix: [
        {
          command: 'az acr import --name shop --source {image}',
          why: 'copies the image into our registry',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
  },
  run({ container }, say) {
    const { name, spec } = container;
    const image = spec.image ?? '';
    const words = { container: name, image };
    if (image.startsWith('shop.azurecr.io/')) return say('own', words);
    return say('foreign', words, {
      evidence: [{ fact: 'container', path: 'image', observed: image, expected: 'shop.azurecr.io/…' }],
    });
  },
});
