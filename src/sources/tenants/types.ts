/** What the sign-in host of a pod publicly says about the tenant it signs in to. */
export interface TenantRecord {
  /** Host name of the authority. */
  readonly host: string;
  /** GUID or domain, as the pod has it. */
  readonly tenant: string;
  readonly answer: TenantAnswer;
}

export type TenantAnswer =
  | {
      readonly kind: 'known';
      /** The cloud that the tenant is in; null where the answer does not tell, or names one that is not known. */
      readonly cloud: 'public' | 'usgov' | 'china' | null;
    }
  | {
      readonly kind: 'not-found';
      /** AADSTS numbers. */
      readonly codes: readonly number[];
    }
  | {
      readonly kind: 'unseen';
      /** One clause without a full stop. */
      readonly reason: string;
    };
