/** A photograph that comes along, in `public/samples`. */
export interface Sample {
  readonly file: string;
  readonly title: string;
  readonly credit: string;
  readonly width: number;
  readonly height: number;
}

export const samples: readonly Sample[] = [
  {
    file: 'coffee.jpg',
    title: 'Coffee',
    credit: 'Rachel Michetti, CC0',
    width: 600,
    height: 400,
  },
  {
    file: 'cat.jpg',
    title: 'Cat',
    credit: 'Stéfan van der Walt, CC0',
    width: 451,
    height: 300,
  },
  {
    file: 'astronaut.jpg',
    title: 'Astronaut',
    credit: 'NASA, public domain',
    width: 512,
    height: 512,
  },
  {
    file: 'rocket.jpg',
    title: 'Rocket',
    credit: 'SpaceX, public domain',
    width: 640,
    height: 427,
  },
];
