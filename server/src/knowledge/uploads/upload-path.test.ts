import { describe, expect, it } from '@jest/globals';
import { newId } from '../../platform/index.ts';
import { uploadPath } from './upload-path.ts';

describe('uploadPath', () => {
  it.each(['../../etc/passwd', '', 'a/b', `${newId()}/..`])(
    'INP-04: refuses %j as a document',
    (id) => expect(() => uploadPath('/data', newId(), id)).toThrow('UUID'),
  );
  it('INP-04: refuses anything but an id as a tenant', () => {
    expect(() => uploadPath('/data', '../x', newId())).toThrow('UUID');
  });
  it('keeps tenants apart', () => {
    const document = newId();
    expect(uploadPath('/data', newId(), document)).not.toBe(uploadPath('/data', newId(), document));
  });
});
