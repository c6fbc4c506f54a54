import './styles/app.css'
import { RouterProvider } from '@tanstack/react-router'
import { makeRouter } from '@/app/router'
import { boot } from '@/boot'
import { normalisedCache } from '@/data/cache'

boot(normalisedCache(), (data) => <RouterProvider router={makeRouter(data)} />)
