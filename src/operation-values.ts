import type { Charge } from './models/charge.js';
import type { WirePage } from './models/paging.js';
import type {
  CaptureParams,
  CreateParams,
  ListParams,
  RefundParams,
  SearchParams,
  UpdateParams,
  Verify3DSParams,
} from './models/params.js';
import type { Refund } from './models/refund.js';

/** What each operation gets. */
export interface OperationInputs {
  /** The checked params of the charge. */
  create: { readonly params: CreateParams };
  /** The id of the charge. */
  retrieve: { readonly id: string };
  /** The id of the charge, and what is to change. */
  update: { readonly id: string; readonly params: UpdateParams };
  /** The filters, and the cursor of the page; null for the first page. */
  list: { readonly params: ListParams; readonly cursor: string | null };
  /** The filters, and the cursor of the page; null for the first page. */
  search: { readonly params: SearchParams; readonly cursor: string | null };
  /** The id of the authorized charge, and how much of it is taken. */
  capture: { readonly id: string; readonly params: CaptureParams };
  /** The id of the charge that is released. */
  void: { readonly id: string };
  /** The id of the charge that is ended. */
  expire: { readonly id: string };
  /** The id of the captured charge, and how much of it goes back. */
  refund: { readonly id: string; readonly params: RefundParams };
  /** The id of the charge. */
  listRefunds: { readonly id: string };
  /** The ids of the charge and of the refund. */
  retrieveRefund: { readonly id: string; readonly refundId: string };
  /** What the payer brought back from 3-D Secure. */
  verify3DS: { readonly params: Verify3DSParams };
}

/** What each operation gives. */
export interface OperationOutputs {
  /** The new charge. */
  create: Charge;
  /** The charge as it is now. */
  retrieve: Charge;
  /** The charge after the change. */
  update: Charge;
  /** One page of charges. */
  list: WirePage;
  /** One page of the charges that match. */
  search: WirePage;
  /** The charge after the capture. */
  capture: Charge;
  /** The charge after its release. */
  void: Charge;
  /** The charge after it was ended. */
  expire: Charge;
  /** The new refund. */
  refund: Refund;
  /** Every refund of the charge. */
  listRefunds: readonly Refund[];
  /** The refund as it is now. */
  retrieveRefund: Refund;
  /** The charge after 3-D Secure. */
  verify3DS: Charge;
}
