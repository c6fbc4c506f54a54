export interface Choice<V extends string = string> {
  value: V
  label: string
  detail?: string
}

/** One line of a menu or a list of choices. */
export const MENU_ITEM_CLASS =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-chip px-2 py-1 outline-none hover:bg-hover data-[focused]:bg-hover data-[disabled]:text-text-3 data-[selected]:font-medium'
