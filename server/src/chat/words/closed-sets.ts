const group = (prefix: string, rows: string): [string, string][] =>
  rows
    .trim()
    .split('\n')
    .flatMap((row, index) =>
      row
        .trim()
        .split(/\s+/)
        .map((word): [string, string] => [word, `${prefix}:${index + 1}`]),
    );

/**
 * Words of which one excludes the others: months, weekdays, seasons, times of day, compass points,
 * units of time. A sentence that names another member than its source is wrong, however alike the
 * two look to an embedding.
 */
export const CLOSED_SETS: ReadonlyMap<string, string> = new Map([
  ...group(
    'month',
    `january januar enero janvier
     february februar febrero février
     march märz mars marzo
     april abril avril
     mai mayo
     june juni junio juin
     july juli julio juillet
     august agosto août
     september septiembre septembre
     october oktober octubre octobre
     november noviembre novembre
     december dezember desember diciembre décembre`,
  ),
  ...group(
    'weekday',
    `monday montag mandag lunes lundi
     tuesday dienstag tirsdag martes mardi
     wednesday mittwoch onsdag miércoles mercredi
     thursday donnerstag torsdag jueves jeudi
     friday freitag fredag viernes vendredi
     saturday samstag lørdag sábado samedi
     sunday sonntag søndag domingo dimanche`,
  ),
  ...group(
    'season',
    `spring frühling frühjahr vår våren primavera printemps
     summer sommer sommeren verano été
     autumn herbst høst høsten otoño automne
     winter vinter vinteren invierno hiver`,
  ),
  ...group(
    'daytime',
    `morning mornings vormittag morgen morgenen formiddag
     afternoon afternoons nachmittag ettermiddag ettermiddagen
     evening evenings abend abends kveld kvelden
     night nightly nights nacht nachts natt natten`,
  ),
  ...group(
    'compass',
    `north northern nord nördlich nordlig nördliche
     south southern süd südlich sør sørlig südliche
     east eastern ost östlich øst østlig östliche
     west western west westlich vest vestlig westliche`,
  ),
  ...group(
    'unit',
    `seconds sekunde sekunden sekund sekunder
     minute minutes minuten minutt minutter
     hour hours hourly stunde stunden timer timen
     day days daily tag tage tagen täglich dag dager daglig
     week weeks weekly woche wochen wöchentlich uke uker uka ukers
     month months monthly monat monate monaten monatlich monatliche måned måneder måneden
     quarter quarters quarterly quartal kvartal
     year years yearly annual annually jahr jahre jahren jährlich år året årlig`,
  ),
  ...group(
    'order',
    `first erste ersten erster første
     last letzte letzten letzter siste`,
  ),
]);
