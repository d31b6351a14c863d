import type { Language } from './parsed-document.ts';

/**
 * Frequent short words that tell languages apart. The neighbours of ours are listed as `simple`, so
 * that Danish is not taken for Norwegian, or Portuguese for Spanish.
 */
export const STOP_WORDS: readonly (readonly [Language, ReadonlySet<string>])[] = (
  [
    [
      'en',
      'the of and to in is that for it was with as on are be this by have from or not but which you were their has at been',
    ],
    [
      'de',
      'der die und das ist nicht ein eine zu den mit von für auf dem sich des als auch wird sind werden oder bei einer nach wurde zur zum durch über hat aus',
    ],
    [
      'no',
      'og i det er som på en til av ikke med har den jeg et ble fra om han kan hun var etter skal ved mot eller seg noe bare også blitt ikkje eg frå ein dei vart hennes nå',
    ],
    [
      'es',
      'el la de que y en los un se las por con una para no es del al lo como más su pero sus le ya o este fue ha son también muy entre está',
    ],
    [
      'fr',
      'le la les de des et un une est en du que qui dans pour il sur ne pas au avec ce par plus sont cette ou aux été ses son elle nous vous était être',
    ],
    [
      'simple',
      'og i det er som på en til af ikke med har den jeg et blev fra om han kan hun var efter skal ved mod eller sig noget bare også blevet hende nu mange være meget',
    ],
    [
      'simple',
      'och i det är som på en till av inte med har den jag ett blev från om han kan hon var efter ska vid mot eller sig något bara också blivit deras inom år',
    ],
    [
      'simple',
      'de het een en van in is dat op te zijn met voor niet die aan er om ook als maar dan bij door naar heeft worden wordt uit nog deze over geen',
    ],
    [
      'simple',
      'il la di che e un una in per è non con del della le dei si da al come sono anche più ma nel alla gli ha questo dalla delle essere',
    ],
    [
      'simple',
      'o a de que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou são também',
    ],
    ['simple', 'ja on ei se että hän oli ovat mutta kun niin tai joka myös kuin sen olla jos'],
    ['simple', 'i w nie na się z do to że jest o jak po co tak za od ale czy dla był oraz przez'],
  ] as const
).map(([language, words]) => [language, new Set(words.split(' '))]);
