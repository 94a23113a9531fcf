// @ts-check
// Where the weights of the models are published, by the name of the file. Their servers let no page
// read them, so `npm run studio` fetches them for its page. The variants say the same, and a test
// that both agree; this list is plain JavaScript because the server runs before anything is compiled.

const meta = 'https://dl.fbaipublicfiles.com/';
const github = 'https://raw.githubusercontent.com/';
const huggingFace = 'https://huggingface.co/lkeab/hq-sam/resolve/main/';

const folders = /** @type {const} */ ([
  [`${github}ChaoningZhang/MobileSAM/master/weights/`, ['mobile_sam.pt']],
  [
    `${github}yformer/EfficientSAM/main/weights/`,
    ['efficient_sam_vitt.pt', 'efficient_sam_vits.pt.zip'],
  ],
  [
    `${meta}segment_anything/`,
    ['sam_vit_b_01ec64.pth', 'sam_vit_l_0b3195.pth', 'sam_vit_h_4b8939.pth'],
  ],
  [
    huggingFace,
    ['sam_hq_vit_tiny.pth', 'sam_hq_vit_b.pth', 'sam_hq_vit_l.pth', 'sam_hq_vit_h.pth'],
  ],
  [
    `${meta}segment_anything_2/092824/`,
    [
      'sam2.1_hiera_tiny.pt',
      'sam2.1_hiera_small.pt',
      'sam2.1_hiera_base_plus.pt',
      'sam2.1_hiera_large.pt',
    ],
  ],
  [
    `${meta}segment_anything_2/072824/`,
    ['sam2_hiera_tiny.pt', 'sam2_hiera_small.pt', 'sam2_hiera_base_plus.pt', 'sam2_hiera_large.pt'],
  ],
]);

/** @type {ReadonlyMap<string, string>} */
export const modelFiles = new Map(
  folders.flatMap(([folder, names]) =>
    names.map((name) => /** @type {const} */ ([name, folder + name])),
  ),
);
